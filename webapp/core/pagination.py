"""Cursor pagination: the last page of a million costs what the first does."""

from rest_framework.pagination import CursorPagination as BaseCursorPagination


class CursorPagination(BaseCursorPagination):
    """`?cursor=&page_size=`; 100 rows unless told, 500 at most."""

    page_size = 100
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-id"
