using System.Globalization;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class LowPriorityTests
{
    [Fact]
    public void Run_OnLinux_OnlyTheThreadOfTheWorkIsNicer()
    {
        var before = NiceValue();

        var during = LowPriority.Run("test", NiceValue);

        Assert.Equal((Math.Min(19, before + 5), before), (during, NiceValue()));
    }

    [Fact]
    public void Run_WorkThrows_TheCallerGetsTheException() =>
        Assert.Throws<InvalidOperationException>(() => LowPriority.Run<bool>("test", () => throw new InvalidOperationException()));

    // proc_pid_stat(5): field 19; the name in parentheses is field 2.
    private static int NiceValue()
    {
        var stat = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
