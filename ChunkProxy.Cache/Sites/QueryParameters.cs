namespace ChunkProxy.Cache.Sites;

/// <summary>Splits and joins queries at <c>&amp;</c>.</summary>
internal static class QueryParameters
{
    /// <summary>Returns the name of a parameter <c>name=value</c> or <c>name</c>.</summary>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> parameter) => parameter.IndexOf('=') is >= 0 and var equals ? parameter[..equals] : parameter;

    /// <summary>Returns the position of the question mark; the length if the target has no query.</summary>
    public static int EndOfPath(string pathAndQuery) => pathAndQuery.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? at : pathAndQuery.Length;

    /// <summary>Returns the target with the parameters that the condition selects; the same string if they are all of them, in the same order.</summary>
    /// <param name="pathAndQuery">Path and query in normal form. Empty parameters are left out.</param>
    /// <param name="isSelected">Returns whether a parameter, <c>name=value</c> or <c>name</c>, stays.</param>
    /// <param name="sort">Whether to sort the parameters by name. Parameters of one name keep their order.</param>
    public static string Select(string pathAndQuery, Func<string, bool> isSelected, bool sort = false)
    {
        var path = EndOfPath(pathAndQuery);
        if (path == pathAndQuery.Length)
        {
            return pathAndQuery;
        }

        IEnumerable<string> selected = pathAndQuery[(path + 1)..].Split('&').Where(parameter => parameter.Length > 0 && isSelected(parameter));
        if (sort)
        {
            selected = selected.OrderBy(static parameter => NameOf(parameter).ToString(), StringComparer.Ordinal); // stable
        }

        var query = string.Join('&', selected);
        var target = query.Length == 0 ? pathAndQuery[..path] : $"{pathAndQuery.AsSpan(0, path)}?{query}";
        return target == pathAndQuery ? pathAndQuery : target;
    }
}
