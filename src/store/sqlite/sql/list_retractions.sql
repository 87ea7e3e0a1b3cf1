SELECT digest FROM retraction
