"""The table of all settings, parted by what they are for; `config.Settings` has all of them."""
