using System.Text.Json;
using System.Text.RegularExpressions;
using ChunkProxy.Testing.Nodes;

namespace ChunkProxy.Web.Tests.Exchanges;

/// <summary>docs/grafana/chunkproxy.json.</summary>
public sealed partial class DashboardTests : IDisposable
{
    private const int Columns = 24; // of Grafana's grid

    // Labels that Prometheus and its format add.
    private static readonly HashSet<string> OtherLabels = ["job", "instance", "le", "epoch"];

    private readonly JsonDocument _dashboard = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(ProductBuild.Root, "docs", "grafana", "chunkproxy.json")));

    public void Dispose() => _dashboard.Dispose();

    [Fact]
    public void Metrics_ItAsksFor_AreApproved() => Assert.All(Expressions, expression =>
    {
        var names = Metric().Matches(expression).Select(match => match.Value).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains(name, ApprovedMetrics.Series));
    });

    [Fact]
    public void Labels_ItAsksFor_AreApproved() => Assert.All(Expressions, expression => Assert.All(
        Selector().Matches(expression).Select(match => match.Groups[1].Value)
            .Concat(Grouping().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries))),
        label => Assert.True(ApprovedMetrics.Labels.Contains(label) || OtherLabels.Contains(label), $"{label} in {expression}")));

    // Each of these is a figure that operators need on the dashboard itself, not only in the list.
    [Theory]
    [InlineData("chunkproxy_received_bytes_total")]
    [InlineData("chunkproxy_client_sent_bytes_total")]
    [InlineData("chunkproxy_chunk_reads_total")]
    [InlineData("chunkproxy_fills_total")]
    [InlineData("chunkproxy_fill_duration_seconds_bucket")]
    [InlineData("chunkproxy_request_time_to_first_byte_seconds_bucket")]
    [InlineData("chunkproxy_origin_time_to_first_byte_seconds_bucket")]
    [InlineData("chunkproxy_peer_time_to_first_byte_seconds_bucket")]
    [InlineData("chunkproxy_origin_requests_waiting")]
    [InlineData("chunkproxy_breakers_open")]
    [InlineData("chunkproxy_tier_used_bytes")]
    [InlineData("chunkproxy_tier_budget_bytes")]
    [InlineData("chunkproxy_tier_evictions_total")]
    [InlineData("chunkproxy_epoch")]
    [InlineData("chunkproxy_superhot_reads_total")]
    public void Metric_ThatAnOperatorNeeds_IsShown(string name) =>
        Assert.Contains(Expressions, expression => Metric().Matches(expression).Any(match => match.Value == name));

    [Fact]
    public void Panels_EachPair_DoNotOverlapAndLieInTheGrid()
    {
        var panels = Panels.Select(panel => (Title: panel.GetProperty("title").GetString(), Place: PlaceOf(panel))).ToList();

        Assert.All(panels, panel => Assert.True(panel.Place is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 } place && place.X + place.Width <= Columns, panel.Title));
        for (var i = 0; i < panels.Count; i++)
        {
            for (var j = i + 1; j < panels.Count; j++)
            {
                Assert.False(panels[i].Place.IntersectsWith(panels[j].Place), $"{panels[i].Title} and {panels[j].Title}");
            }
        }
    }

    [Fact]
    public void Panels_Each_HasAnIdOfItsOwnAndTheDataSourceOfTheVariable()
    {
        var variables = _dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray().ToList();
        Assert.Contains(variables, variable => variable.GetProperty("name").GetString() == "datasource" && variable.GetProperty("type").GetString() == "datasource"
            && variable.GetProperty("query").GetString() == "prometheus");
        Assert.Distinct(Panels.Select(panel => panel.GetProperty("id").GetInt32()));
        Assert.All(Panels.Where(panel => panel.GetProperty("type").GetString() != "row"), panel =>
        {
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.Equal("${datasource}", target.GetProperty("datasource").GetProperty("uid").GetString()));
            Assert.Distinct(panel.GetProperty("targets").EnumerateArray().Select(target => target.GetProperty("refId").GetString()));
        });
    }

    // An expression with a bracket too few is valid JSON.
    [Fact]
    public void Expressions_Each_HasItsBracketsInPairs() => Assert.All(Expressions, expression =>
    {
        var open = new Stack<char>();
        foreach (var letter in Quoted().Replace(expression, ""))
        {
            switch (letter)
            {
                case '(' or '[' or '{':
                    open.Push(letter);
                    break;
                case ')' or ']' or '}':
                    Assert.True(open.TryPop(out var bracket) && bracket == letter switch { ')' => '(', ']' => '[', _ => '{' }, expression);
                    break;
            }
        }

        Assert.Empty(open);
    });

    private IEnumerable<JsonElement> Panels => _dashboard.RootElement.GetProperty("panels").EnumerateArray();

    private IEnumerable<string> Expressions => Panels
        .Where(panel => panel.TryGetProperty("targets", out _))
        .SelectMany(panel => panel.GetProperty("targets").EnumerateArray())
        .Select(target => target.GetProperty("expr").GetString()!);

    private static System.Drawing.Rectangle PlaceOf(JsonElement panel)
    {
        var place = panel.GetProperty("gridPos");
        int Of(string name) => place.GetProperty(name).GetInt32();
        return new(Of("x"), Of("y"), Of("w"), Of("h"));
    }

    // A metric's name is followed by its selector or its end; a label's by a comparison.
    [GeneratedRegex(@"(?<![\w""])chunkproxy_\w+(?=\{)")]
    private static partial Regex Metric();

    [GeneratedRegex(@"[{,]\s*(\w+)\s*(?:=~|!=|!~|=)")]
    private static partial Regex Selector();

    [GeneratedRegex(@"by \(([^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
