using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Tests.Tiers;

/// <summary>Asks the kernel which pages of an address range are in memory. Pages of a file count if they are in the page cache.</summary>
internal static partial class ResidentPages
{
    /// <summary>Returns the bytes of the range whose pages are in memory.</summary>
    /// <param name="start">The first address, a multiple of the page size.</param>
    /// <param name="length">Length of the range, a multiple of the page size.</param>
    public static int BytesIn(nint start, int length)
    {
        var pages = new byte[length / Environment.SystemPageSize];
        Assert.Equal(0, mincore(start, (nuint)length, pages));
        return pages.Count(static page => (page & 1) != 0) * Environment.SystemPageSize;
    }

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mincore(nint start, nuint length, [Out] byte[] pages);
}
