using System.Text.Json;
using ChunkProxy.FunctionalTests.Cluster;
using static ChunkProxy.FunctionalTests.Commands.CommandCluster;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary>Output of <c>status</c>, <c>map</c> and <c>top</c> for a real cluster. Each test has its own cluster.</summary>
public sealed class StatusCommandTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StatusMapAndTop_OfFilmsReadInPart_ShowTheClusterTheHalfAndWhatIsReadMost()
    {
        await using var cluster = await StartAsync(EtcdCluster.NobodyHangs, members: 2);
        await VerifyHalfAsync(cluster);
        await VerifyMostReadAsync(cluster);
    }

    [Fact]
    public async Task Status_MemberHangs_SaysThatItIsSilent()
    {
        await using var cluster = await StartAsync([], members: 2);
        var url = cluster.Url;
        var hung = cluster.Members[1];
        hung.Node.Pause();
        try
        {
            // Figures from before the member hung are repeated for half a second.
            var status = await RunAsync(0, "status", "-node", url);
            for (var tries = 0; !status.Any(IsShown) && tries < 20; tries++)
            {
                status = await RunAsync(0, "status", "-node", url);
            }

            Assert.Contains(status, line => IsShown(line));
        }
        finally
        {
            hung.Node.Resume();
        }

        bool IsShown(string line) => line.StartsWith(hung.Id, StringComparison.Ordinal)
            && line.Contains("does not answer", StringComparison.Ordinal);
    }

    private static async Task VerifyHalfAsync(CommandCluster cluster)
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

    private static async Task VerifyMostReadAsync(CommandCluster cluster)
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

        List<string> top = [.. (await RunAsync(0, "top", "-node", cluster.Url)).Select(line => line.TrimEnd())];
        Assert.Contains(top, line => line.EndsWith(" /film.mp4", StringComparison.Ordinal) && line.StartsWith("2 ", StringComparison.Ordinal)); // one client of two processes
        Assert.Contains(top, line => line.EndsWith(" /hls/720/*", StringComparison.Ordinal) && line.StartsWith("1 ", StringComparison.Ordinal));
        Assert.Contains(top, line => line.EndsWith(" /hls/", StringComparison.Ordinal));

        var map = await RunAsync(0, "map", "-node", cluster.Url, "/film.mp4");
        Assert.Contains(map, line => System.Text.RegularExpressions.Regex.IsMatch(line, @"^most replayed +[ ▁▂▃▄▅▆▇█]*█+ *$"));
        Assert.Contains(map, line => line.StartsWith("Hottest: from 1.9", StringComparison.Ordinal) || line.StartsWith("Hottest: from 1.8", StringComparison.Ordinal));

        var segments = await RunAsync(0, "map", "-node", cluster.Url, "/hls/");
        Assert.StartsWith("/hls/: a film in segments", segments[0], StringComparison.Ordinal);
        Assert.Contains("Hottest: segments 7 to 7, of numbers up to 11.", segments);
    }

    private static async Task<CommandCluster> StartAsync((string Key, string Value)[] settings, int members)
    {
        var cluster = new CommandCluster(settings, members);
        await cluster.InitializeAsync();
        return cluster;
    }
}
