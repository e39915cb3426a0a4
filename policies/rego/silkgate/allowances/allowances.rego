# METADATA
# title: Allowances
# description: |
#   Sandboxes, pilot programmes and shadow facts are capped in persons, and where they say so in
#   records and bytes. The ledger keeps a tally of each; with the second question it tells in which
#   band the tally would lie after this export.
# custom:
#   zh: 沙盒、试点与影子事实各设上限，由账本分别累计
#   citation: PIPL art 38
package silkgate.allowances

# METADATA
# description: The ledger did not say where the tally of `name` lies, though it was asked.
untold(name) if {
	not is_null(input.bands)
	told := object.keys(object.get(input.bands, "within", {}))
	not name in told
}

# METADATA
# description: With this export the tally of `name` would meet a cap of `caps`, or might.
met(name, caps) if {
	spent := input.bands.within[name]
	some what, cap in caps
	band := spent[what]
	not _under(band, cap)
}

_under(band, cap) if {
	is_number(cap)
	is_number(band.below)
	band.below <= cap
}
