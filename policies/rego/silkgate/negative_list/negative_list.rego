# METADATA
# title: The negative list in force
# description: |
#   The list of the exporter's zone, if the company enabled the version in force on the day of the
#   export, with all of its items, and it covers the exporter's sector.
# custom:
#   zh: 出口方所在区域当前启用的负面清单
#   citation: CAC Order 16 art 6
#   confidence: A
#   checked: "2026-11-22"
package silkgate.negative_list

import data.silkgate.tally

in_force := list if {
	list := data.silkgate.overlay.negative_lists[input.exporter.zone]
	versions := data.silkgate.negative_lists[input.exporter.zone]
	shipped := versions[list.version]
	shipped.effective_from <= input.at
	_open_on(shipped, input.at)
	input.exporter.sector in list.sectors
	is_array(list.items)
}

# METADATA
# description: |
#   Whether the list holds this kind: an item names its category or entity for this sector and
#   purpose, and the year's persons are not proven to be under the item's threshold.
holds(kind) if {
	some item in in_force.items
	item.field in [kind.category, kind.key]
	item.sector in ["*", input.exporter.sector]
	item.scenario in ["*", input.purpose]
	not tally.under("general", item.threshold)
}

_open_on(version, _) if is_null(version.effective_to)

_open_on(version, day) if {
	is_string(version.effective_to)
	version.effective_to >= day
}
