namespace ChunkProxy.Cache.Origin;

/// <summary>The time given by a directive such as <c>max-age</c>.</summary>
/// <param name="Least">The shortest of all values in the field; zero if one is malformed; null if there is none.</param>
/// <param name="IsCertain">
/// Whether this is certainly a directive, that is, not after a stray quotation mark. An uncertain value can only shorten a time.
/// </param>
internal readonly record struct DirectiveTime(TimeSpan? Least, bool IsCertain)
{
    /// <summary>Returns the directive's time, or <paramref name="otherwise"/> if the directive is absent or uncertain and longer.</summary>
    public TimeSpan Or(TimeSpan otherwise) =>
        Least is not { } least ? otherwise
        : IsCertain || least < otherwise ? least
        : otherwise;

    public DirectiveTime With(TimeSpan value, bool isCertain) =>
        new(Least is { } least && least < value ? least : value, IsCertain || isCertain);
}
