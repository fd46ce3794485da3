"""Random truths and detections, by seed."""

import random

CATEGORIES = [{"id": 1, "name": "car"}, {"id": 2, "name": "bus"}]


def drawn(images=12, seed=0, noise=6.0, found=0.8):
    """Truths, and detections that find `found` of them with some noise, among false ones."""
    rng = random.Random(seed)
    truth = {"images": [], "annotations": [], "categories": CATEGORIES}
    results = []
    for image in range(1, images + 1):
        truth["images"].append({"id": image, "file_name": f"{image}", "width": 500, "height": 500})
        for _ in range(rng.randint(0, 5)):
            box = [rng.uniform(0, 300), rng.uniform(0, 300), rng.uniform(20, 120), rng.uniform(20, 120)]
            category = rng.choice([1, 2])
            truth["annotations"].append(
                {"id": len(truth["annotations"]) + 1, "image_id": image, "category_id": category, "bbox": box}
                | {"area": box[2] * box[3], "iscrowd": int(rng.random() < 0.1)}
            )
            if rng.random() < found:
                moved = [value + rng.gauss(0, noise) for value in box[:2]] + box[2:]
                results.append({"image_id": image, "category_id": category, "bbox": moved, "score": rng.random()})
        for _ in range(rng.randint(0, 3)):
            box = [rng.uniform(0, 300), rng.uniform(0, 300), 50, 50]
            results.append({"image_id": image, "category_id": rng.choice([1, 2]), "bbox": box, "score": rng.random()})
    return truth, results
