namespace ChunkProxy.Cache.Settings;

/// <summary>The keys below one point of configuration that have an effect. Any other key with a value is an error: it is probably misspelt.</summary>
/// <param name="keys">The keys, relative to that point.</param>
/// <param name="named">Sections there whose keys are checked elsewhere, since they begin with a name that the operator chooses.</param>
internal sealed class KnownKeys(IEnumerable<string> keys, params string[] named)
{
    private readonly HashSet<string> _keys = new(keys, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns whether a key is known, or of a section that is checked elsewhere.</summary>
    public bool Contain(string key) =>
        _keys.Contains(key) || (key.Split(ConfigurationPath.KeyDelimiter, 2) is [var section, _] && named.Contains(section, StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns the keys below a point of configuration that have a value, each with its whole path. An empty value counts as not set.</summary>
    public static IEnumerable<string> SetBelow(IConfiguration configuration, string root) => configuration.GetSection(root).GetChildren().SelectMany(LeavesOf);

    /// <summary>Returns what is wrong about a key: <c>. Did you mean …?</c>, or that lists are texts here. Empty if nothing is known.</summary>
    /// <param name="key">The unknown key, relative to the point.</param>
    /// <param name="prefix">What the suggested key begins with.</param>
    public string HintFor(string key, string prefix = "")
    {
        var last = key.LastIndexOf(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);
        if (last > 0 && int.TryParse(key.AsSpan(last + 1), out _) && _keys.Contains(key[..last]))
        {
            return $". {prefix}{key[..last]} takes one text with commas between its entries, and no array";
        }

        var nearest = Suggestion.Nearest(key, _keys) ?? InNearestSection(key, SectionsOf(_keys)) ?? InNearestSection(key, named) ?? InOtherSection(key[(last + 1)..]);
        return nearest is null ? "" : $". Did you mean {prefix}{nearest}?";
    }

    private static IEnumerable<string> LeavesOf(IConfigurationSection section)
    {
        var below = section.GetChildren().SelectMany(LeavesOf);
        return section.Value is { Length: > 0 } ? below.Prepend(section.Path) : below;
    }

    // The name of the section is misspelt: Orgin:Attempts.
    private string? InNearestSection(string key, IEnumerable<string> sections) =>
        key.Split(ConfigurationPath.KeyDelimiter, 2) is [var section, var rest]
        && Suggestion.Nearest(section, sections) is { } other && Contain(ConfigurationPath.Combine(other, rest))
            ? ConfigurationPath.Combine(other, rest)
            : null;

    // The section is missing, or another one.
    private string? InOtherSection(string name) =>
        _keys.Where(known => known.EndsWith(ConfigurationPath.KeyDelimiter + name, StringComparison.OrdinalIgnoreCase) || known.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Take(2).ToArray() is [var only] ? only : null;

    private static IEnumerable<string> SectionsOf(IEnumerable<string> keys) =>
        keys.Where(static key => key.Contains(ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)).Select(static key => key.Split(ConfigurationPath.KeyDelimiter)[0]).Distinct();
}
