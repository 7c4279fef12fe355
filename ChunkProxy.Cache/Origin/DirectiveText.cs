namespace ChunkProxy.Cache.Origin;

/// <summary>One directive as it stands in a field line.</summary>
/// <param name="Start">Where its name begins.</param>
/// <param name="Name">Its name.</param>
/// <param name="Argument">What follows the equals sign; null if nothing does, or an argument that never ends.</param>
/// <param name="IsQuoted">The argument is a quoted string; <paramref name="Argument"/> is what stands between the quotation marks.</param>
internal readonly record struct DirectiveText(int Start, string Name, string? Argument, bool IsQuoted);
