package store

import "golang.org/x/sys/unix"

// networked are file systems on which programs on two machines, or in two
// kernels, share a file but no memory. FUSE stands for sshfs and its kin.
var networked = map[uint32]bool{
	unix.NFS_SUPER_MAGIC: true, unix.SMB_SUPER_MAGIC: true, unix.CIFS_SUPER_MAGIC: true, unix.SMB2_SUPER_MAGIC: true,
	unix.CEPH_SUPER_MAGIC: true, unix.AFS_SUPER_MAGIC: true, unix.AFS_FS_MAGIC: true, unix.CODA_SUPER_MAGIC: true,
	unix.NCP_SUPER_MAGIC: true, unix.V9FS_MAGIC: true, unix.FUSE_SUPER_MAGIC: true, unix.OCFS2_SUPER_MAGIC: true,
	0x0bd00bd0: true, // Lustre
	0x47504653: true, // GPFS
	0x01161970: true, // GFS2
	0x786f4256: true, // VirtualBox shared folders
}

// onNetwork says whether the folder lies on a network file system. What
// cannot be asked is taken for a local disk.
func onNetwork(dir string) bool {
	var st unix.Statfs_t
	return unix.Statfs(dir, &st) == nil && networked[uint32(st.Type)]
}

// freeDisk is what this user may still write, in bytes; -1: unknown.
func freeDisk(dir string) int64 {
	var st unix.Statfs_t
	if unix.Statfs(dir, &st) != nil {
		return -1
	}
	return int64(st.Bavail) * int64(st.Bsize)
}
