/** Packages that courses use, to find the one that a person meant; the index itself names none. */
export const usualPackages = [
  ...['altair', 'astropy', 'beautifulsoup4', 'biopython', 'bokeh', 'dask', 'duckdb', 'geopandas', 'gensim'],
  ...['ipywidgets', 'ipympl', 'jax', 'keras', 'lightgbm', 'lxml', 'matplotlib', 'networkx', 'nltk', 'numba', 'numpy'],
  ...['opencv-python-headless', 'openpyxl', 'pandas', 'pillow', 'plotly', 'polars', 'pyarrow', 'pymc', 'pyspark'],
  ...['pytest', 'pyyaml', 'requests', 'scikit-image', 'scikit-learn', 'scipy', 'seaborn', 'shapely', 'spacy'],
  ...['sqlalchemy', 'statsmodels', 'sympy', 'tensorflow', 'torch', 'torchvision', 'tqdm', 'transformers', 'xarray'],
  ...['xgboost'],
]

/** What is imported under one name and installed under another. */
export const installedAs: Readonly<Record<string, string>> = {
  bs4: 'beautifulsoup4',
  cv2: 'opencv-python-headless',
  pil: 'pillow',
  skimage: 'scikit-image',
  sklearn: 'scikit-learn',
  yaml: 'pyyaml',
}
