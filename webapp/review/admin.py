"""Stock admin of conversations and verdicts."""

from django.contrib import admin

from webapp.core.admin import ReadOnlyAdmin
from webapp.review.models import Comment, Review, Thread


class CommentInline(admin.TabularInline[Comment, Thread]):
    model = Comment
    extra = 0


@admin.register(Thread)
class ThreadAdmin(ReadOnlyAdmin[Thread]):
    list_display = ["id", "frame_id", "box_id", "created_by", "resolved_by", "created_at"]
    list_select_related = ["created_by", "resolved_by"]
    search_fields = ["=frame__id", "comments__text"]
    inlines = [CommentInline]


@admin.register(Review)
class ReviewAdmin(ReadOnlyAdmin[Review]):
    list_display = ["id", "frame_id", "verdict", "by", "annotator", "current", "created_at"]
    list_select_related = ["by", "annotator"]
    list_filter = ["verdict", "current"]
    search_fields = ["=frame__id"]
