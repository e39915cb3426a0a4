"""Names people use in messengers."""
