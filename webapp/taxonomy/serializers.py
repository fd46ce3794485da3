"""Taxonomies on the wire."""

from rest_framework import serializers

from webapp.taxonomy.models import Category, Taxonomy


class CategorySerializer(serializers.ModelSerializer[Category]):
    class Meta:
        model = Category
        fields = ["id", "index", "name", "phrase", "colour", "hotkey", "group"]


class TaxonomyBriefSerializer(serializers.ModelSerializer[Taxonomy]):
    class Meta:
        model = Taxonomy
        fields = ["id", "name", "version"]


class TaxonomySerializer(serializers.ModelSerializer[Taxonomy]):
    categories = CategorySerializer(many=True)

    class Meta:
        model = Taxonomy
        fields = ["id", "name", "version", "categories"]
