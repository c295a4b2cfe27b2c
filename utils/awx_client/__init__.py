"""The one HTTP client, the only part that imports requests and that speaks to AWX."""

from utils.awx_client.client import Client

__all__ = ["Client"]
