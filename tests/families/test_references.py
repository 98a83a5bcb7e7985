import pytest

from families.references import check_digit, grouped, new_reference, read_reference


def test_no_two_references_are_alike_and_each_can_be_read_back(db):
    made = [new_reference() for _ in range(500)]
    assert len(set(made)) == 500
    assert all(read_reference(reference) == reference for reference in made)


@pytest.mark.parametrize("spacing", ["{}-{}", "{}{}", " {} {} ", "{}–{}"])
def test_a_reference_is_read_however_it_is_spaced(spacing):
    right = grouped("482915" + check_digit("482915"))
    assert read_reference(spacing.format(*right.split("-"))) == right


def test_one_wrong_digit_or_two_swapped_are_noticed():
    digits = "482915"
    right = digits + check_digit(digits)
    for place in range(7):
        wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
        assert read_reference(wrong) is None
    assert read_reference("84" + right[2:]) is None


@pytest.mark.parametrize("typed", ["", "Okafor", "482-915", "482-91577", "A482915"])
def test_what_is_no_reference_is_none(typed):
    assert read_reference(typed) is None
