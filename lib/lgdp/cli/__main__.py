"""`python -m lgdp.cli`."""

from lgdp.cli import main

main()
