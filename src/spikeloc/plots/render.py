"""Make the figure files of one panel. The same inputs give the same bytes."""

import importlib
import inspect
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from spikeloc.io.files import atomic_path
from spikeloc.plots.pdf import svg_to_pdf
from spikeloc.plots.style import MM_PER_INCH, RC, marks_for

RASTER_DPI = 300
# Rasterised dots in vector figures are for print and need a finer resolution than the PNG.
EMBEDDED_DPI = 600
LAYOUT_DPI = 72  # the resolution of vector files
UNDATED = {"Date": None}  # otherwise an SVG file contains the time when it was made


class RoundedLayout(ConstrainedLayoutEngine):
    """Constrained layout, rounded to a millionth of the figure.

    The last bits of the positions of axes sometimes differ between processes, and SVG files name
    each clipping rectangle by a hash of all its bits.
    """

    def execute(self, fig: Figure) -> None:
        super().execute(fig)
        for axes in fig.axes:
            bounds = axes.get_position(original=True).bounds
            rounded = [round(each, 6) for each in bounds]
            axes._set_position(rounded)  # type: ignore[attr-defined]  # the layout stays in charge


class NoDrawing(FigureCanvasAgg):
    """A canvas for a figure in the making: seaborn draws all of it after each heat map, to see
    whether labels overlap."""

    def draw(self) -> None:
        self.figure.stale = False


def make_figure(module_name: str, inputs: Mapping[str, object]) -> Figure:
    """Draw the panel of a module from its inputs, options and facts, by their names.

    Names that `draw` does not take are left out: an option may only choose an experiment or a run.
    """
    module = importlib.import_module(module_name)
    wanted = inspect.signature(module.draw).parameters
    width, height = module.SIZE_MM
    size = width / MM_PER_INCH, height / MM_PER_INCH
    layout = RoundedLayout()
    figure = Figure(figsize=size, dpi=LAYOUT_DPI, layout=layout)
    NoDrawing(figure)
    module.draw(figure, **{name: inputs[name] for name in inputs if name in wanted})
    FigureCanvasAgg(figure)
    # The layout is made once for all formats, because it takes as long as drawing.
    layout.execute(figure)
    figure.set_layout_engine(None)
    return figure


def render(
    module_name: str,
    inputs: Mapping[str, object],
    outputs: Mapping[str, str | Path],
    variants: Iterable[str] = (),
) -> None:
    """Draw the panel of a module and save it; `outputs`: paths by format, "svg", "png" or "pdf";
    `variants`: all variants of the config."""
    with matplotlib.rc_context(), marks_for(variants):
        # Start from the defaults, so that a user's matplotlibrc cannot change the figures.
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RC)
        figure = make_figure(module_name, inputs)
        drawing = io.StringIO()
        figure.savefig(drawing, format="svg", dpi=EMBEDDED_DPI, metadata=UNDATED)
        for kind, path in outputs.items():
            with atomic_path(path) as temporary:
                if kind == "png":
                    figure.savefig(temporary, format="png", dpi=RASTER_DPI)
                elif kind == "svg":
                    temporary.write_text(drawing.getvalue(), encoding="utf-8")
                else:
                    temporary.write_bytes(svg_to_pdf(drawing.getvalue()))
