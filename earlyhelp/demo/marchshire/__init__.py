"""The fictional authority of the demonstration. No name, number or address in it is a real person's."""
