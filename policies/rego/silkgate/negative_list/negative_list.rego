# METADATA
# title: The negative list in force
# description: |
#   The list of the exporter's zone, if the company enabled this version of it, holds all its items
#   and the list covers the exporter's sector on the day of the export.
# custom:
#   zh: 出口方所在区域当前启用的负面清单
#   citation: CAC Order 16 art 6
#   confidence: A
#   checked: "2026-11-22"
package silkgate.negative_list

in_force := list if {
	list := data.silkgate.overlay.negative_lists[input.exporter.zone]
	shipped := data.silkgate.negative_lists[input.exporter.zone]
	list.version == shipped.version
	shipped.effective_from <= input.at
	input.exporter.sector in list.sectors
	is_array(list.items)
}
