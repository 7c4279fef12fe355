using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Web.Tests.Exchanges;

/// <summary>The list of docs/metrics.md, as Prometheus spells it. <see cref="ScrapingTests"/> holds the spelling against a real scrape.</summary>
internal static class ApprovedMetrics
{
    public static IReadOnlyList<(string Name, bool IsHistogram)> InPrometheus { get; } =
    [
        .. File.ReadAllLines(Path.Combine(ProductBuild.Root, "docs", "metrics.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(row => (Spell(row[1].Trim('`'), row[2], row[3].Trim('`')), row[2] == "histogram")),
    ];

    /// <summary>All that can be asked for.</summary>
    public static IReadOnlySet<string> Series { get; } = InPrometheus
        .SelectMany(metric => metric.IsHistogram ? new[] { "_bucket", "_sum", "_count" }.Select(part => metric.Name + part) : [metric.Name])
        .ToHashSet();

    /// <summary>The labels of the tags.</summary>
    public static IReadOnlySet<string> Labels { get; } = File.ReadAllLines(Path.Combine(ProductBuild.Root, "docs", "metrics.md"))
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .SelectMany(line => line.Split('|')[4].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(tag => tag.Trim('`').Replace('.', '_'))
        .ToHashSet();

    private static string Spell(string name, string kind, string unit)
    {
        var words = name.Replace('.', '_');
        var suffix = unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return words + (words.EndsWith(suffix, StringComparison.Ordinal) ? "" : suffix) + (kind == "counter" ? "_total" : "");
    }
}
