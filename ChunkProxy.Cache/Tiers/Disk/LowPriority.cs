using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Runs long work so that it takes a small share of a busy processor or disk.</summary>
internal static partial class LowPriority
{
    /// <summary>Added to the nice value of the thread. Five are a third of the weight: the work still ends while readers take all the time.</summary>
    private const int Nicer = 5;

    /// <summary>Runs the work on a thread of its own and waits for it.</summary>
    /// <remarks>On Linux a thread has a nice value, from which its priority at the disk follows. The value cannot be restored without privileges.</remarks>
    /// <param name="name">Thread name, for debuggers.</param>
    /// <param name="work">Its exceptions are the caller's.</param>
    public static T Run<T>(string name, Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (OperatingSystem.IsLinux())
                {
                    _ = Nice(Nicer); // a failure only means ordinary priority
                }

                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }

    [LibraryImport("libc", EntryPoint = "nice")]
    private static partial int Nice(int more);
}
