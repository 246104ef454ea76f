"""`python -m bot` is `dext-bot`, for where no console script is installed (Heroku)."""

from bot.cli import main

if __name__ == "__main__":
    main()
