"""Claims agree with themselves."""

from ml.distill.claims import CLAIMS, claims_of


def test_a_gain_is_what_lies_between_the_two_figures():
    for claim in CLAIMS:
        assert claim.gain[0] <= claim.gain[1]
        if claim.before is not None and claim.after is not None:
            assert claim.gain == (round(claim.after - claim.before, 1),) * 2


def test_claims_of_a_method_that_lowers_the_figure_are_shown_too():
    """Five of the six baselines of the MMKD table lie below the undistilled student."""
    same_table = [claim.gain[0] for claim in CLAIMS if claim.setting.endswith("GDDA1.5M") and claim.method != "cld"]
    assert (len(same_table), sum(gain < 0 for gain in same_table)) == (6, 5)
    assert claims_of("nobody") == []
