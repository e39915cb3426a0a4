# METADATA
# title: Regional Comprehensive Economic Partnership
# description: |
#   Destinations that are party to the agreement. Articles 12.14 and 12.15 yield to measures of
#   public policy and essential security: the agreement chooses a treatment profile and never
#   stands in for a route of Chinese law.
# custom:
#   zh: RCEP缔约方；协定仅影响处理方案，不替代中国法的出境路径
#   citation: RCEP arts 12.14, 12.15
#   confidence: B
#   checked: "2026-11-22"
package silkgate.agreements.rcep

applies if {
	party := data.silkgate.agreements.rcep.parties[input.destination]
	party.from <= input.at
}
