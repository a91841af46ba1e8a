# R, without packages: the CSV edition by read.csv, with the types of each column told to it.
# It writes the dump of cells that readers/cells.py describes. Its command line is that of the
# readers in Python; the columns and types come from columns.tsv in the folder of dumps, which the
# gate takes from the Data Package, for plain R reads no JSON.

text <- function(value) {
  value <- enc2utf8(value)
  guarded <- !is.na(value) & startsWith(value, "'")
  value[guarded] <- substring(value[guarded], 2) # the apostrophe against formulas
  for (pair in list(c("\\", "\\\\"), c("\"", "\\\""), c("\n", "\\n"), c("\r", "\\r"), c("\t", "\\t"))) {
    value <- gsub(pair[1], pair[2], value, fixed = TRUE)
  }
  value
}

bits <- function(number) {
  paste(as.character(writeBin(number, raw(), endian = "big")), collapse = "")
}

cells <- function(column, type) {
  told <- switch(type,
    string = paste0("s:", text(column)),
    boolean = paste0("b:", tolower(column)),
    integer = paste0("i:", column),
    number = paste0("f:", vapply(column, bits, "")),
    # Years before 1000 need their zeros.
    date = paste0("d:", sprintf("%04d", as.POSIXlt(column)$year + 1900L), format(column, "-%m-%d")),
    datetime = paste0("s:", column)
  )
  ifelse(is.na(column), "null", paste0("\"", told, "\""))
}

classes <- c(
  string = "character", boolean = "logical", integer = "integer", number = "numeric",
  date = "Date", datetime = "character" # R has no type that holds all microseconds
)

arguments <- commandArgs(trailingOnly = TRUE)
out <- arguments[1]
told <- read.delim(file.path(out, "columns.tsv"), colClasses = "character", quote = "")
for (number in seq_along(arguments[-1])) {
  folder <- file.path(out, number - 1)
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  for (table in unique(told$table)) {
    columns <- told[told$table == table, ]
    path <- file.path(arguments[number + 1], "csv", paste0(table, ".csv"))
    read <- read.csv(path,
      colClasses = unname(classes[columns$type]), na.strings = "", encoding = "UTF-8"
    )
    stopifnot(identical(names(read), columns$column))
    head <- paste0("[", paste0("[\"", columns$column, "\", null]", collapse = ", "), "]")
    rows <- if (nrow(read)) {
      lists <- Map(cells, read, columns$type)
      paste0("[", do.call(paste, c(unname(lists), sep = ", ")), "]")
    }
    file <- file(file.path(folder, paste0(table, ".jsonl")), "wb")
    writeLines(c(head, rows), file, useBytes = TRUE)
    close(file)
  }
}
