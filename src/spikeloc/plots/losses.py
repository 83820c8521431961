"""Losses of several networks, epoch by epoch."""

import pandas as pd


def losses_by_epoch(history: pd.DataFrame, loss: str) -> pd.DataFrame:
    """One loss of one condition and variant as a table (epochs, networks).

    A network that stopped early stays at its last loss: otherwise the mean of later epochs would
    be one of fewer and fewer networks.
    """
    return history.pivot(index="epoch", columns=["seed", "network"], values=loss).ffill()
