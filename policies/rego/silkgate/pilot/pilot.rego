# METADATA
# title: Pilot programmes and sandboxes
# description: |
#   A pilot lets named exporters send categories, so treated, to named recipients for a purpose
#   until a day. It chooses treatments among those a profile leaves open, and stands in for no
#   route.
# custom:
#   zh: 试点与沙盒：限定主体、接收方、目的与期限，仅在方案允许范围内选择处理方式，不替代出境路径
#   citation: PIPL art 38
package silkgate.pilot

# METADATA
# description: The programmes that cover this export today, by name.
covering := [name |
	some name in input.exporter.pilots
	programme := data.silkgate.overlay.pilots[name]
	input.exporter.id in programme.exporters
	input.destination in programme.destinations
	input.recipient.name in programme.recipients
	input.purpose in programme.purposes
	programme.from <= input.at
	programme.until >= input.at
]

# METADATA
# description: What they say of each category.
tables := [data.silkgate.overlay.pilots[name].treatments | some name in covering]
