"""Make one panel's figure files: the same inputs give the same bytes."""

import importlib
import inspect
import io
from collections.abc import Mapping
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from spikeloc.io.files import atomic_path
from spikeloc.plots.pdf import svg_to_pdf
from spikeloc.plots.style import MM_PER_INCH, RC

RASTER_DPI = 300
# Dots of rasters inside a vector figure are finer than the preview, as print is finer than screen.
EMBEDDED_DPI = 600
LAYOUT_DPI = 72  # that of vector files
UNDATED = {"Date": None}  # otherwise an SVG file holds the moment it was made


class RoundedLayout(ConstrainedLayoutEngine):
    """Constrained layout to a millionth of the figure.

    The last bits of where it puts axes differ now and then between processes, and SVG files name
    each clipping rectangle by a hash of all its bits.
    """

    def execute(self, fig: Figure) -> None:
        super().execute(fig)
        for axes in fig.axes:
            place = axes.get_position(original=True).bounds
            rounded = [round(each, 6) for each in place]
            axes._set_position(rounded)  # type: ignore[attr-defined]  # the layout stays in charge


def make_figure(module_name: str, inputs: Mapping[str, object]) -> Figure:
    """Draw the panel of a module from its inputs, options and facts, by their names.

    What `draw` does not name is left out: an option may only say what the panel is of.
    """
    module = importlib.import_module(module_name)
    wanted = inspect.signature(module.draw).parameters
    width, height = module.SIZE_MM
    figure = Figure(figsize=(width / MM_PER_INCH, height / MM_PER_INCH), layout=RoundedLayout())
    FigureCanvasAgg(figure)
    module.draw(figure, **{name: inputs[name] for name in inputs if name in wanted})
    # Laid out once, for all formats: it takes as long as drawing.
    figure.set_dpi(LAYOUT_DPI)
    figure.draw_without_rendering()
    figure.set_layout_engine(None)
    return figure


def render(
    module_name: str, inputs: Mapping[str, object], outputs: Mapping[str, str | Path]
) -> None:
    """Draw the panel of a module and save it under each path of `outputs`, keyed "svg", "png" or "pdf"."""
    with matplotlib.rc_context():
        # From the defaults, so that a user's matplotlibrc cannot change the paper.
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
