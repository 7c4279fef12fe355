namespace ChunkProxy.Cache.Sites;

/// <summary>A list of names of query parameters. Case matters; <c>name*</c> stands for all names with this beginning.</summary>
internal sealed class ParameterNames
{
    private readonly HashSet<string> _names;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly string[] _beginnings;

    public ParameterNames(IEnumerable<string> names)
    {
        var all = names.ToList();
        _names = all.Where(name => !IsBeginning(name)).ToHashSet(StringComparer.Ordinal);
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        _beginnings = [.. all.Where(IsBeginning).Select(name => name[..^1])];
    }

    public bool IsEmpty => _names.Count == 0 && _beginnings.Length == 0;

    /// <summary>Returns whether a text of the setting is a name, or the beginning of names followed by an asterisk.</summary>
    public static bool IsName(string text)
    {
        var name = IsBeginning(text) ? text[..^1] : text;
        return name.Length > 0 && name.All(c => c is > ' ' and < '\x7F' and not ('&' or '=' or '?' or '#' or '*' or ','));
    }

    /// <summary>Returns whether the list names the parameter.</summary>
    /// <param name="parameter">One parameter of a query in normal form, <c>name=value</c> or <c>name</c>.</param>
    public bool Contain(ReadOnlySpan<char> parameter)
    {
        var name = QueryParameters.NameOf(parameter);
        if (_lookup.Contains(name))
        {
            return true;
        }

        foreach (var beginning in _beginnings)
        {
            if (name.StartsWith(beginning, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBeginning(string name) => name.EndsWith('*');
}
