"""Numbers that people have elsewhere, by their check digits: a slip of one digit is found."""

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


def is_nhs_number(text: str) -> bool:
    """Ten digits, of which the last follows from the others (modulus 11)."""
    if len(text) != 10 or not text.isascii() or not text.isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, range(10, 1, -1), strict=False))
    return (11 - total % 11) % 11 == int(text[9])


def is_upn(text: str) -> bool:
    """A letter that follows from the twelve after it (modulus 23): digits, of which the last may be a letter while the
    number is temporary."""
    if len(text) != 13 or not text.isascii() or not text[1:12].isdigit():
        return False
    last = int(text[12]) if text[12].isdigit() else UPN_LETTERS.find(text[12])
    if last < 0 or text[0] not in UPN_LETTERS:
        return False
    values = [*map(int, text[1:12]), last]
    return UPN_LETTERS[sum(weight * value for weight, value in enumerate(values, start=2)) % 23] == text[0]
