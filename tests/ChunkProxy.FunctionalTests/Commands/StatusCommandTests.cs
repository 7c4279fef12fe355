using System.Text.Json;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.FunctionalTests.Commands.CommandCluster;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary>Output of <c>status</c>, <c>map</c> and <c>top</c> for a real cluster.</summary>
public sealed class StatusCommandTests(CommandCluster cluster) : IClassFixture<CommandCluster>
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StatusMapAndTop_OfFilmsReadInPart_ShowTheClusterTheHalfAndWhatIsReadMost()
    {
        await VerifyHalfAsync();
        await VerifyMostReadAsync();
    }

    private async Task VerifyHalfAsync()
    {
        var url = cluster.Url;
        cluster.Origin.Add("/half.mp4", Size);
        using (var answer = await cluster.Members[0].Node.GetAsync("half.mp4", Now, 0, (Size / 2) - 1))
        {
            Assert.Equal(Size / 2, (await answer.Content.ReadAsByteArrayAsync(Now)).Length);
        }

        await Task.WhenAll(cluster.Members.Select(member => member.Node.WhenFilledAsync(Now)));
        var status = await RunAsync(0, "status", "-node", url);
        Assert.Contains(status, line => line.StartsWith("Origin traffic saved: ", StringComparison.Ordinal) && line.Contains("(1.25 MiB to clients, ", StringComparison.Ordinal));
        Assert.All(cluster.Members, member => Assert.Contains(status, line => line.StartsWith(member.Id, StringComparison.Ordinal) && line.Contains(" healthy ", StringComparison.Ordinal)));
        Assert.Contains(status, line => line.Contains("206", StringComparison.Ordinal) && line.Contains("/half.mp4", StringComparison.Ordinal));

        using var json = JsonDocument.Parse(string.Join('\n', await RunAsync(0, "status", "-json", "-node", url)));
        Assert.Equal(2, json.RootElement.GetProperty("cluster").GetProperty("members").GetArrayLength());

        var map = await RunAsync(0, "map", "-node", url, url + "half.mp4");
        Assert.Contains(map, line => line.StartsWith("50 % cached: 20 of 40, 20 in memory, ", StringComparison.Ordinal));
        Assert.Contains(map, line => line.StartsWith("anywhere ", StringComparison.Ordinal) && line.EndsWith("  50 %", StringComparison.Ordinal));
        Assert.All(cluster.Members, member => Assert.Contains(map, line => line.StartsWith(member.Id, StringComparison.Ordinal)));
    }

    private async Task VerifyMostReadAsync()
    {
        cluster.Origin.Add("/film.mp4", Size);
        foreach (var member in cluster.Members)
        {
            using var film = await member.Node.GetAsync("film.mp4", Now, Size * 3 / 4, Size - 1);
            Assert.Equal(Size - (Size * 3 / 4), (await film.Content.ReadAsByteArrayAsync(Now)).Length);
        }

        for (var number = 0; number < 12; number++)
        {
            cluster.Origin.Add($"/hls/720/{number}.ts", 1000);
            for (var times = 0; times < (number == 7 ? 5 : 1); times++)
            {
                using var segment = await cluster.Members[0].Node.GetAsync($"hls/720/{number}.ts", Now);
                Assert.Equal(1000, (await segment.Content.ReadAsByteArrayAsync(Now)).Length);
            }
        }

        var top = await TopAsync();
        Assert.Contains(top, line => line.EndsWith(" /hls/720/*", StringComparison.Ordinal) && line.StartsWith("1 ", StringComparison.Ordinal));
        Assert.Contains(top, line => line.EndsWith(" /hls/", StringComparison.Ordinal));

        var map = await RunAsync(0, "map", "-node", cluster.Url, "/film.mp4");
        Assert.Contains(map, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^most replayed +[ ▁▂▃▄▅▆▇█]*█+ *$"));
        Assert.Contains(map, line => line.StartsWith("Hottest: from 1.9", StringComparison.Ordinal) || line.StartsWith("Hottest: from 1.8", StringComparison.Ordinal));

        var segments = await RunAsync(0, "map", "-node", cluster.Url, "/hls/");
        Assert.StartsWith("/hls/: a film in segments", segments[0], StringComparison.Ordinal);
        Assert.Contains("Hottest: segments 7 to 7, of numbers up to 11.", segments);
    }

    // With the film, which one client read from two processes. The node's figures of the other member may be half a second old, so not have these reads.
    private async Task<List<string>> TopAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Now);
        patience.CancelAfter(Patience.Limit);
        while (true)
        {
            List<string> top = [.. (await RunAsync(0, "top", "-node", cluster.Url)).Select(line => line.TrimEnd())];
            if (top.Any(line => line.EndsWith(" /film.mp4", StringComparison.Ordinal) && line.StartsWith("2 ", StringComparison.Ordinal)))
            {
                return top;
            }

            Assert.False(patience.IsCancellationRequested, string.Join('\n', top));
        }
    }
}
