"""The native core: a C++ extension that may fail to build. Everything else is in pyproject.toml."""

import hashlib
from pathlib import Path

import nanobind
from setuptools import Extension, setup

NANOBIND = Path(nanobind.include_dir()).parent
NATIVE = Path("src/spikeloc/native")

# what the core was built from: it refuses to stand in for other sources
hashed = hashlib.sha256()
for source in sorted(path for path in NATIVE.iterdir() if path.suffix in {".cpp", ".hpp"}):
    hashed.update(source.read_bytes())

core = Extension(
    "spikeloc.native._core",
    sources=[str(NATIVE / name) for name in ("bind.cpp", "nanobind.cpp")],
    depends=[str(path) for path in NATIVE.glob("*.hpp")],
    include_dirs=[str(NANOBIND / name) for name in ("include", "src", "ext/robin_map/include")],
    define_macros=[
        ("NDEBUG", None),
        ("NB_COMPACT_ASSERTIONS", None),
        ("SPIKELOC_SOURCES", f'"{hashed.hexdigest()}"'),
    ],
    extra_compile_args=[
        "-std=c++17",
        "-O3",
        "-g0",  # Python's own flags may ask for debugging symbols, nine tenths of the file
        "-fvisibility=hidden",
        "-fno-strict-aliasing",  # nanobind asks for it
        "-ffp-contract=off",  # no fused multiply-add: the same bits from every instruction set
        "-Wall",
        "-Wextra",
        "-Wno-psabi",  # vectors are passed between inlined functions only
    ],
    optional=True,  # no compiler: the package is installed without its core
)

setup(ext_modules=[core])
