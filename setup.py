"""Where the code is; everything else about the package is in pyproject.toml."""

from setuptools import find_packages, setup

setup(
    package_dir={"": "lib"},
    packages=find_packages("lib"),
    package_data={
        "lgdp": ["py.typed"],
        "lgdp.audit": ["*.j2", "*.css"],
        "lgdp.reports": ["*.j2", "*.css", "*.js"],
    },
)
