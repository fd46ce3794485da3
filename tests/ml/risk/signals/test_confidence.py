from ml.risk.drive import assess_drive


def test_doubt_is_what_the_score_leaves_and_the_sentence_says_the_raw_score(box, drive):
    frames = drive([box((900, 500, 100, 80), score=0.41)])
    signal = _conf(assess_drive(frames, score_scale="calibrated"))
    assert signal.value == 1 - 0.41
    assert signal.sentence == "low score: car .41"
    assert _conf(assess_drive(frames)).value < 0.5


def _conf(scored):
    return next(signal for signal in scored[0][0].assessment.signals if signal.name == "conf")
