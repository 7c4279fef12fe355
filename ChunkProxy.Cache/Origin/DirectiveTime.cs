namespace ChunkProxy.Cache.Origin;

/// <summary>A time that a directive gives, such as that of <c>max-age</c>.</summary>
/// <param name="Least">The shortest of all values in the field; zero if one of them is malformed; null if there is none.</param>
/// <param name="IsCertain">The directive stands where no stray quotation mark puts in doubt that it is one. Else its value only limits.</param>
internal readonly record struct DirectiveTime(TimeSpan? Least, bool IsCertain)
{
    /// <summary>The directive's time in place of another one, which holds where the directive is absent.</summary>
    public TimeSpan Or(TimeSpan otherwise) =>
        Least is not { } least ? otherwise
        : IsCertain || least < otherwise ? least
        : otherwise;

    public DirectiveTime With(TimeSpan value, bool isCertain) =>
        new(Least is { } least && least < value ? least : value, IsCertain || isCertain);
}
