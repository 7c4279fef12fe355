using System.Globalization;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Cli.Flags;
using ChunkProxy.Web.Operations.Status;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Shows what clients read most, and refreshes it.</summary>
internal sealed class TopCommand(TimeProvider time) : NodeCommand
{
    // Clears the screen from the top left corner on.
    private const string Home = "\u001b[H\u001b[J";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly Flag Once = new("once", "once", null, null, "Print the figures once and end; the default without a terminal");

    private static readonly Flag Rounds = new("n", "n", new FlagValue("number", "a number from 1"), null, "Number of times that the figures are printed; default: until Ctrl-C");

    private static readonly Flag Every = new("every", "every", FlagValue.Time, static () => "2s", "Time between two of them");

    public override string Name => "top";

    public override string Summary => "Show what clients read most now: objects and paths, with hit ratio, rate and viewers";

    public override IReadOnlyList<Flag> Flags => [Once, Rounds, Every];

    public override IReadOnlyList<(string Line, string Does)> Examples =>
    [
        ("chunkproxy top", "The node on this machine and its cluster, every two seconds"),
        ("chunkproxy top -once", "Once, for a script"),
        ("chunkproxy top -n 10 -every 30s -node http://10.0.0.1:8080", "Ten times, another node"),
    ];

    public override async Task RunAsync(NodeClient node, CommandInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        var rounds = RoundsOf(input, output);
        var pause = PauseOf(input);
        for (var round = 1; ; round++)
        {
            var json = await node.AskAsync(HttpMethod.Get, "stats?cluster=true", notFound: null, cancellationToken);
            var stats = node.Read(json, StatsJson.Readable.StatsAnswer);
            if (input.Json)
            {
                output.Json(json);
            }
            else
            {
                if (output.IsTerminal && rounds != 1)
                {
                    output.Raw(Home);
                }
                else if (round > 1)
                {
                    output.Blank();
                }

                TopView.Show(stats, node.Name, time.GetUtcNow(), output);
            }

            if (round == rounds)
            {
                return;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    // 0: until the command is cancelled.
    private static int RoundsOf(CommandInput input, CommandOutput output)
    {
        if (input.ValueOf(Rounds) is not { } text)
        {
            return input.IsSet(Once) || !output.IsTerminal ? 1 : 0;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 && !input.IsSet(Once)
            ? rounds
            : throw CommandFailure.WrongUsage(input.IsSet(Once) ? $"{Once} and {Rounds} exclude each other" : $"{Rounds}: '{text}' is not {Rounds.Value!.Takes}");
    }

    private static TimeSpan PauseOf(CommandInput input)
    {
        var text = input.ValueOf(Every) ?? Every.Default!;
        return DurationText.TryRead(text, out var pause) && pause >= Shortest && pause <= Longest
            ? pause
            : throw CommandFailure.WrongUsage($"{Every}: '{text}' is not a time from 1s to 1h");
    }
}
