"""Losses of several networks by epoch."""

import pandas as pd


def losses_by_epoch(history: pd.DataFrame, loss: str) -> pd.DataFrame:
    """One loss (nats) of one condition and variant as a table (epochs, networks).

    A network that stopped early keeps its last loss. Otherwise, means of later epochs would be
    over fewer and fewer networks.
    """
    return history.pivot(index="epoch", columns=["seed", "network"], values=loss).ffill()
