namespace ChunkProxy.Cache.Origin;

/// <summary>One directive as written in a field line.</summary>
/// <param name="Start">Start of its name in the line.</param>
/// <param name="Name">Its name.</param>
/// <param name="Argument">The text after the equals sign; null if there is none, or if its quoted string is not closed.</param>
/// <param name="IsQuoted">Whether the argument is a quoted string; <paramref name="Argument"/> excludes the quotation marks.</param>
internal readonly record struct DirectiveText(int Start, string Name, string? Argument, bool IsQuoted);
