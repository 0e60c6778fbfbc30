/** In a bundle, the file that comes first and names all others. */
export const manifestName = 'bundle.json'
/** In a bundle, the image of the docker machine as `docker save` writes it. */
export const imageName = 'machine.tar'
/** In a bundle, all container images of a cluster as `docker save` writes them. */
export const clusterImagesName = 'images.tar'
/** In a bundle, the chart of a cluster. */
export const chartName = 'chart.tgz'
/** In a bundle, the repository of the course as `git bundle` writes it. */
export const contentName = 'content.gitbundle'
