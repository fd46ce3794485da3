"""The preset taxonomies, as data: what each category is called, how a grounding detector is asked for it, and its group.

The order is part of the contract: it is the order of prompts and the order of COCO category ids (from 1).
"""

from __future__ import annotations

from ml.schemas import Category

GDDA13 = (
    Category("car", "car", "vehicle", ("Car", "Van")),
    Category("bus", "bus", "vehicle", ("Bus",)),
    Category("truck", "truck", "vehicle", ("Truck",)),
    Category("car_reg", "car rear", "part"),
    Category("car_big_reg", "large vehicle rear", "part"),
    Category("car_front", "car front", "part"),
    Category("car_big_front", "large vehicle front", "part"),
    Category("person", "person", "vulnerable", ("Pedestrian", "Person_sitting", "pedestrian")),
    Category("bicyclist", "bicyclist", "vulnerable", ("Cyclist", "cyclist")),
    Category("motorcyclist", "motorcyclist", "vulnerable"),
    Category("trafficlight", "traffic light", "infrastructure"),
    Category("sign", "traffic sign", "infrastructure", ("stop sign",)),
    Category("licence", "licence plate", "part", ("license plate",)),
)

SODA10M = (
    Category("Pedestrian", "pedestrian", "vulnerable", ("person", "Person_sitting")),
    Category("Cyclist", "cyclist", "vulnerable"),
    Category("Car", "car", "vehicle", ("Van",)),
    Category("Truck", "truck", "vehicle"),
    Category("Tram", "tram", "vehicle", ("train",)),
    Category("Tricycle", "tricycle", "vulnerable"),
)

KITTI3 = (
    Category("Car", "car", "vehicle", ("Van",)),
    Category("Pedestrian", "pedestrian", "vulnerable", ("person", "Person_sitting")),
    Category("Cyclist", "cyclist", "vulnerable"),
)

COCO_TRAFFIC = (
    Category("person", "person", "vulnerable", ("Pedestrian", "Person_sitting")),
    Category("bicycle", "bicycle", "vulnerable"),
    Category("car", "car", "vehicle", ("Car", "Van")),
    Category("motorcycle", "motorcycle", "vulnerable"),
    Category("bus", "bus", "vehicle"),
    Category("train", "train", "vehicle", ("Tram",)),
    Category("truck", "truck", "vehicle", ("Truck",)),
    Category("traffic light", "traffic light", "infrastructure"),
    Category("fire hydrant", "fire hydrant", "infrastructure"),
    Category("stop sign", "stop sign", "infrastructure"),
    Category("parking meter", "parking meter", "infrastructure"),
    Category("cat", "cat", "vulnerable"),
    Category("dog", "dog", "vulnerable"),
)

PRESETS: dict[str, tuple[Category, ...]] = {
    "gdda13": GDDA13,
    "soda10m": SODA10M,
    "kitti3": KITTI3,
    "coco_traffic": COCO_TRAFFIC,
}
