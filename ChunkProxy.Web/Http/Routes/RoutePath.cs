using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The paths of a route, and what they are for the origin. In normal form.</summary>
/// <param name="Path">The beginning of the paths.</param>
/// <param name="OriginPath">What replaces it for the origin.</param>
internal sealed record RoutePath(string Path, string OriginPath)
{
    private readonly bool _isAsItIs = Path == OriginPath;
    private readonly string _folded = FoldedPath.Of(Path);

    /// <summary>Returns the paths of a route as it is configured.</summary>
    public static RoutePath Of(RouteOptions options)
    {
        RequestTarget.Parse(options.Path, int.MaxValue, out var path);
        RequestTarget.Parse(options.OriginPath is { Length: > 0 } other ? other : options.Path, int.MaxValue, out var originPath);
        return new RoutePath(path, originPath);
    }

    /// <summary>Returns whether a path begins with that of the route, segment by segment: <c>/films</c> is not the beginning of <c>/films2</c>.</summary>
    /// <param name="pathAndQuery">Path and query in normal form.</param>
    public bool Matches(ReadOnlySpan<char> pathAndQuery) => Begins(pathAndQuery, Path);

    /// <summary>Does the same for a path as lenient servers read it.</summary>
    /// <param name="folded">The path, from <see cref="FoldedPath"/>.</param>
    /// <param name="comparison">Whether case counts.</param>
    public bool MatchesFolded(ReadOnlySpan<char> folded, StringComparison comparison = StringComparison.Ordinal) => Begins(folded, _folded, comparison);

    /// <summary>Returns path and query for the origin.</summary>
    /// <param name="pathAndQuery">Path and query that match, in normal form.</param>
    public string ToOrigin(string pathAndQuery)
    {
        if (_isAsItIs)
        {
            return pathAndQuery;
        }

        return string.Concat(OriginPath, pathAndQuery.AsSpan(Path.Length));
    }

    /// <summary>Returns whether the origin may be asked for the path. Not every path that clients may ask for is, once its beginning is replaced.</summary>
    /// <param name="pathAndQuery">Path and query that match, in normal form.</param>
    public TargetVerdict Check(string pathAndQuery) =>
        _isAsItIs ? TargetVerdict.Accepted : RequestTarget.Parse(ToOrigin(pathAndQuery), int.MaxValue, out _);

    private static bool Begins(ReadOnlySpan<char> path, string beginning, StringComparison comparison = StringComparison.Ordinal) =>
        path.StartsWith(beginning, comparison) && (beginning.EndsWith('/') || path.Length == beginning.Length || path[beginning.Length] is '/' or '?');
}
