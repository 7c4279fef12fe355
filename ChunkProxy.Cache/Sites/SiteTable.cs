using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Sites;

/// <summary>The sites of the process: one for each origin. A reload replaces all of them at once.</summary>
internal sealed class SiteTable
{
    private volatile Sites _now;

    /// <param name="sites">One site without a name, or several with different names.</param>
    public SiteTable(IReadOnlyList<SiteRules> sites) => _now = new Sites(sites, generation: 0);

    /// <summary>All sites, by name.</summary>
    public IReadOnlyList<SiteRules> All => _now.All;

    /// <summary>Whether the sites have names: under <c>ChunkProxy:Origins</c>. This does not change while the process runs.</summary>
    public bool AreNamed => _now.All is not [{ Name: "" }];

    /// <summary>How often the sites were replaced.</summary>
    public int Generation => _now.Generation;

    /// <summary>Replaces all sites. One reload at a time.</summary>
    public void Replace(IReadOnlyList<SiteRules> sites) => _now = new Sites(sites, _now.Generation + 1);

    /// <summary>Returns the site with this name; null if there is none.</summary>
    public SiteRules? Find(string name) => _now.Named.GetValueOrDefault(name);

    /// <summary>Returns the object that a text names (<see cref="ObjectId.Text"/>), with a query that need not be part of the key.</summary>
    /// <returns>Null if the text names no origin of this process, or one that it must not name because there is only one.</returns>
    public ObjectId? Read(string text) => IsText(text) ? Find(LabelOf(text))?.ObjectAt(PathOf(text)) : null;

    /// <summary>Returns whether a text (<see cref="ObjectId.Text"/>) is of an origin of this process.</summary>
    public bool Has(string text) => Find(LabelOf(text)) is not null;

    /// <summary>Returns the path, and the query if there is one, in a text (<see cref="ObjectId.Text"/>).</summary>
    public static string PathOf(string text) => text is ['/', ..] ? text : text[(text.IndexOf(":/", StringComparison.Ordinal) + 1)..];

    /// <summary>Returns the name of the origin in a text (<see cref="ObjectId.Text"/>); empty if there is none.</summary>
    public static string LabelOf(string text) => text is ['/', ..] ? "" : text[..Math.Max(0, text.IndexOf(":/", StringComparison.Ordinal))];

    /// <summary>Returns whether a text can be that of an object (<see cref="ObjectId.Text"/>).</summary>
    public static bool IsText(string text) => text is ['/', ..] || (text.IndexOf(":/", StringComparison.Ordinal) is > 0 and var colon && SiteNames.IsName(text[..colon]));

    /// <summary>Returns <see cref="ObjectId.Text"/> of a stored object; null if its origin is not one of this process.</summary>
    /// <param name="name"><see cref="ObjectId.Name"/> of the object.</param>
    public string? TextIn(string name)
    {
        foreach (var site in All)
        {
            if (site.TextIn(name) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private sealed class Sites(IReadOnlyList<SiteRules> all, int generation)
    {
        public int Generation => generation;

        public IReadOnlyList<SiteRules> All => all;

        public Dictionary<string, SiteRules> Named { get; } = all.ToDictionary(static site => site.Name, StringComparer.Ordinal);
    }
}
