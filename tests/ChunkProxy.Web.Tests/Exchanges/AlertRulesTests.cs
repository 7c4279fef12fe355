using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;
using YamlDotNet.Serialization;

namespace ChunkProxy.Web.Tests.Exchanges;

/// <summary>docs/prometheus/alerts.yml. <see cref="ScrapingTests"/> holds the names of metrics against a real scrape.</summary>
public sealed partial class AlertRulesTests
{
    // Labels and series that Prometheus adds.
    private static readonly HashSet<string> OtherLabels = ["job", "instance", "epoch"];

    private static readonly IReadOnlyList<Rule> Rules = Read();

    [Fact]
    public void Metrics_OfEachRule_AreApproved() => Assert.All(Rules, rule =>
    {
        var names = Metric().Matches(rule.Expr).Select(match => match.Value).ToList();
        Assert.All(names, name => Assert.Contains(name, ApprovedMetrics.Series));
        Assert.True(names.Count > 0 || rule.Expr.StartsWith("up{", StringComparison.Ordinal), rule.Expr);
    });

    [Fact]
    public void Labels_OfEachRule_AreApproved() => Assert.All(Rules, rule => Assert.All(
        Selector().Matches(rule.Expr).Select(match => match.Groups[1].Value)
            .Concat(Grouping().Matches(rule.Expr).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)))
            .Concat(Shown().Matches(string.Concat(rule.Annotations.Values)).Select(match => match.Groups[1].Value)),
        label => Assert.True(ApprovedMetrics.Labels.Contains(label) || OtherLabels.Contains(label), $"{label} in {rule.Alert}")));

    [Fact]
    public void Rules_Each_SayWhatToDo()
    {
        Assert.Distinct(Rules.Select(rule => rule.Alert));
        Assert.All(Rules, rule =>
        {
            Assert.Matches("^ChunkProxy[A-Z][A-Za-z]+$", rule.Alert);
            Assert.Matches("^[1-9][0-9]*m$", rule.For);
            Assert.Contains(rule.Labels["severity"], new[] { "critical", "warning" });
            Assert.InRange(rule.Annotations["summary"].Length, 10, 100);
            Assert.EndsWith(".", rule.Annotations["description"], StringComparison.Ordinal);
        });
    }

    // An expression with a bracket too few is valid YAML.
    [Fact]
    public void Expressions_Each_HasItsBracketsInPairs() => Assert.All(Rules, rule =>
    {
        var rest = Quoted().Replace(rule.Expr, "");
        while (Pair().Replace(rest, "") is var next && next != rest)
        {
            rest = next;
        }

        Assert.DoesNotContain(rest, letter => "()[]{}".Contains(letter));
    });

    private static List<Rule> Read()
    {
        var file = File.ReadAllText(Path.Combine(ProductBuild.Root, "docs", "prometheus", "alerts.yml"));
        var deserializer = new DeserializerBuilder().WithNamingConvention(YamlDotNet.Serialization.NamingConventions.CamelCaseNamingConvention.Instance).Build();
        return [.. deserializer.Deserialize<RuleFile>(file).Groups.SelectMany(group => group.Rules)];
    }

    // A label is followed by a comparison without blanks.
    [GeneratedRegex(@"(?<![\w""])chunkproxy_\w+\b(?!=|!)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"[{,]\s*(\w+)(?:=~|!=|!~|=)")]
    private static partial Regex Selector();

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"\$labels\.(\w+)")]
    private static partial Regex Shown();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\([^()\[\]{}]*\)|\[[^()\[\]{}]*\]|\{[^()\[\]{}]*\}")]
    private static partial Regex Pair();

    private sealed class RuleFile
    {
        public List<Group> Groups { get; set; } = [];
    }

    private sealed class Group
    {
        public string Name { get; set; } = "";

        public List<Rule> Rules { get; set; } = [];
    }

    private sealed class Rule
    {
        public string Alert { get; set; } = "";

        public string Expr { get; set; } = "";

        public string For { get; set; } = "";

        public Dictionary<string, string> Labels { get; set; } = [];

        public Dictionary<string, string> Annotations { get; set; } = [];
    }
}
