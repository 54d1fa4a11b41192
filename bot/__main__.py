"""The console script: the only place where things are wired together."""

from bot.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
