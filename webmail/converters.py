"""Keys in addresses: <key:name> takes what a database key can be; longer numbers are a 404 and no error of ours."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class KeyConverter(IntConverter):
    """Up to 17 digits: each fits into 64 bits."""

    regex = "[0-9]{1,17}"


register_converter(KeyConverter, "key")
