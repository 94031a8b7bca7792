"""The words of images and scanned pages, by Debian's tesseract in a process of its own."""
