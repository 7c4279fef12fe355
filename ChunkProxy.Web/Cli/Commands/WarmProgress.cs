using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Operations.Warm;
using Spectre.Console;

namespace ChunkProxy.Web.Cli.Commands;

/// <summary>Shows the progress of a fetch.</summary>
internal abstract class WarmProgress
{
    private const int LongestPath = 60;

    public static WarmProgress Silent { get; } = new Nothing();

    /// <summary>Returns a progress bar for a terminal, otherwise occasional lines.</summary>
    public static WarmProgress On(CommandOutput output) => output.IsTerminal ? new Bar(output) : new Lines(output);

    /// <summary>Shows the steps; completes when the sequence ends.</summary>
    public abstract Task ShowAsync(IAsyncEnumerable<WarmAnswer> steps);

    public static string Describe(WarmAnswer step) => step.Chunks == 0
        ? "looking it up"
        : $"{step.ChunksDone} of {Amount.Of(step.Chunks, "chunk", "chunks")}, {Amount.Bytes(step.BytesDone)} of {Amount.Bytes(step.Bytes)}";

    /// <summary>Describes the end of a warm-up that failed or was cancelled, without a full stop.</summary>
    public static string DescribeEnd(WarmAnswer end) => $"{end.Path}: {NameWords.Of(end.State)}{((end.Reason ?? end.Error) is { } why ? $": {why}" : "")}";

    private static double ShareOf(WarmAnswer step) => step.Bytes == 0 ? 0 : (double)step.BytesDone / step.Bytes;

    private sealed class Nothing : WarmProgress
    {
        public override async Task ShowAsync(IAsyncEnumerable<WarmAnswer> steps)
        {
            await foreach (var _ in steps)
            {
                // Only the last step matters.
            }
        }
    }

    private sealed class Lines(CommandOutput output) : WarmProgress
    {
        private const int LinesInAll = 10;

        public override async Task ShowAsync(IAsyncEnumerable<WarmAnswer> steps)
        {
            var said = -1;
            await foreach (var step in steps)
            {
                var tenth = (int)(LinesInAll * ShareOf(step));
                if (step.State is WarmState.Running && tenth > said && step.Chunks > 0)
                {
                    said = tenth;
                    output.Line($"{step.Path}: {Amount.Percent(ShareOf(step))}, {Describe(step)}");
                }
            }
        }
    }

    private sealed class Bar(CommandOutput output) : WarmProgress
    {
        public override Task ShowAsync(IAsyncEnumerable<WarmAnswer> steps) => output.Console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new DownloadedColumn { Base = FileSizeBase.Binary },
                new TransferSpeedColumn { Base = FileSizeBase.Binary },
                new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                ProgressTask? task = null;
                await foreach (var step in steps)
                {
                    task ??= context.AddTask(Markup.Escape(ShownText.Shorten(step.Path, LongestPath)));
                    task.IsIndeterminate = step.Bytes == 0;
                    task.MaxValue = Math.Max(1, step.Bytes);
                    task.Value = step.BytesDone;
                    context.Refresh(); // the automatic refresh, ten times a second, would skip steps on a busy machine
                }
            });
    }
}
