using System.Text.Json;
using ChunkProxy.Web.Cli.Playlists;
using ChunkProxy.Web.Operations.Warm;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Shows a run over many objects: a bar on a terminal, otherwise a line for each object.</summary>
internal sealed class WarmRunView(CommandOutput output, bool asJson)
{
    private const int ShownFailures = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new(); // one line at a time

    private bool HasBar => output.IsTerminal && !asJson;

    /// <summary>Does the work, with the bar meanwhile.</summary>
    public Task ShowAsync(WarmTally tally, Func<Task> work) => HasBar ? ShowBarAsync(tally, work) : work();

    /// <summary>Shows the end of one object.</summary>
    public void HasEnded(WarmAnswer answer)
    {
        lock (_gate)
        {
            if (asJson)
            {
                output.Json(JsonSerializer.Serialize(answer, WarmAnswerJson.OneLine.WarmAnswer));
            }
            else if (!HasBar)
            {
                output.Line(answer.State is WarmState.Done ? $"{answer.Path}: done, {WarmProgress.Describe(answer)}" : WarmProgress.DescribeEnd(answer));
            }
        }
    }

    /// <summary>Shows what a playlist names.</summary>
    public void HasRead(WarmItem playlist, PlaylistContent content)
    {
        lock (_gate)
        {
            if (!asJson && !HasBar)
            {
                var names = content.Playlists is [] ? Amount.Of(content.Objects.Count, "object", "objects") : Amount.Of(content.Playlists.Count, "playlist", "playlists");
                output.Line($"{playlist}: names {names}{(content.IsLive ? "; it is live: what it names later is not fetched" : "")}");
            }
        }
    }

    /// <summary>Shows what has become of all objects.</summary>
    public void Conclude(WarmTally tally)
    {
        if (!asJson)
        {
            output.Line(Summary(tally));
        }

        if (tally.Elsewhere > 0)
        {
            output.Note(
                $"{Amount.Of(tally.Elsewhere, "address", "addresses")} of other hosts in playlists skipped ({string.Join(", ", tally.Hosts.Select(host => $"{host.Host}: {host.Count}"))}); "
                + "if they are of this node, give the URL of the playlist that clients use");
        }

        if (tally.OtherSchemes > 0)
        {
            output.Note($"{Amount.Of(tally.OtherSchemes, "address", "addresses")} in playlists skipped that are not fetched by HTTP");
        }

        foreach (var line in tally.Failures.Take(ShownFailures))
        {
            output.Note(line);
        }

        if (tally.Failed > ShownFailures)
        {
            output.Note($"and {tally.Failed - ShownFailures} more");
        }
    }

    private static string Summary(WarmTally tally)
    {
        var parts = new List<string> { $"{tally.Done} of {Amount.Of(tally.Known, "object", "objects")} done, {Amount.Bytes(tally.Bytes)}" };
        if (tally.Failed > 0)
        {
            parts.Add($"{tally.Failed} failed");
        }

        if (tally.Uncacheable > 0)
        {
            parts.Add($"{Amount.Of(tally.Uncacheable, "key", "keys")} not cacheable");
        }

        if (tally.Before > 0)
        {
            parts.Add($"{tally.Before} finished before");
        }

        return string.Join("; ", parts);
    }

    private Task ShowBarAsync(WarmTally tally, Func<Task> work) => output.Console
        .Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn())
        .StartAsync(async context =>
        {
            var bar = context.AddTask(Markup.Escape(Summary(tally)));
            var running = work();
            do
            {
                await Task.WhenAny(running, Task.Delay(Interval, TimeProvider.System));
                bar.MaxValue = Math.Max(1, tally.Known);
                bar.Value = tally.Done + tally.Failed;
                bar.Description = Markup.Escape(Summary(tally));
                context.Refresh();
            }
            while (!running.IsCompleted);

            await running;
        });
}
